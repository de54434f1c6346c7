/** Parts a Chinese text message takes: 70 characters in one, 67 in each of several. */
export function smsParts(text: string): number {
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67)
}
