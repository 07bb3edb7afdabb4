export { VERSION } from '../api/version.ts';
