import type { Line } from './line.ts';

/** A list with the details of what is picked in it. */
export interface BrowserPage {
  title: string;
  count: number;
  /** Said where the list is empty. */
  empty: string;
  /** Picked where the user has picked nothing. */
  start: number;
  row(index: number, width: number): Line;
  detailTitle(index: number): string;
  detail(index: number, width: number): Line[];
}
