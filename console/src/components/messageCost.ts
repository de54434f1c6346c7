// What a message costs is finer than a fen: ten-thousandths of a yuan.

/** "¥0.045"; at least two decimals. */
export function costText(costE4: number): string {
  const whole = Math.trunc(costE4 / 10000)
  const fraction = String(costE4 % 10000).padStart(4, '0').replace(/0{1,2}$/, '')
  return `¥${whole}.${fraction}`
}
