/** The same tree of texts in both languages. */
export type Words = { [key: string]: string | Words }

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }

/** Holds the two halves together: English must have exactly the keys Chinese has. */
export function pair<T extends Words>(zh: T, en: Shape<T>): { zh: T; en: Shape<T> } {
  return { zh, en }
}
