import type { Environment } from '../platform/environment.ts';
import type { Streams } from './streams.ts';

/** What a subcommand works with. */
export interface CommandContext {
  environment: Environment;
  streams: Streams;
  version: string;
}
