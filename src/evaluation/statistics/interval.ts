/** Where a value lies with 95 % confidence, both ends included. */
export interface Interval {
  low: number;
  high: number;
}

/** The two-sided 95 % quantile of the normal distribution. */
export const Z_95 = 1.959963984540054;
