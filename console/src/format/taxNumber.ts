// Tax numbers of companies, by the same rules as the server's: src/document/invoice.h.

const DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Unified social credit code, GB 32100-2015: weights are the powers of 3, to the base 31. */
function creditCodeFits(text: string): boolean {
  let sum = 0
  let weight = 1
  for (let at = 0; at < text.length; at++) {
    const digit = DIGITS.indexOf(text[at])
    if (digit < 0) return false
    sum += digit * (at + 1 < text.length ? weight : 1)
    weight = (weight * 3) % 31
  }
  return sum % 31 === 0
}

/** Identity number of a sole trader, GB 11643-1999: MOD 11-2. */
function identityFits(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false
  let rest = 0
  for (const letter of text) rest = (rest * 2 + (letter === 'X' ? 10 : Number(letter))) % 11
  return rest === 1
}

/** 15 to 20 digits and capital letters; of 18 the last is a check digit. */
export function taxNumberFits(text: string): boolean {
  if (!/^[0-9A-Z]{15,20}$/.test(text)) return false
  return text.length !== 18 || creditCodeFits(text) || identityFits(text)
}
