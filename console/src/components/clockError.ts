/** "+12 s", "−3 min 05 s", "—": a clock minus ours. */
export function clockErrorText(errorS: number | null | undefined): string {
  if (errorS === null || errorS === undefined) return '—'
  const size = Math.abs(errorS)
  const sign = errorS < 0 ? '\u2212' : '+'
  if (size < 120) return `${sign}${size}\u2009s`
  if (size < 7200) return `${sign}${Math.trunc(size / 60)}\u2009min ${String(size % 60).padStart(2, '0')}\u2009s`
  return `${sign}${Math.trunc(size / 3600)}\u2009h ${String(Math.trunc((size % 3600) / 60)).padStart(2, '0')}\u2009min`
}
