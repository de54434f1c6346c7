// How numbers are set: thin space before the unit, the true minus, thousands by comma.

export const THIN = '\u2009'
export const MINUS = '\u2212'

export function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
