type Translate = (key: string) => string

/** The name of a way of paying; a channel of the configuration has its own name. */
export function methodText(method: string, t: Translate, te: (key: string) => boolean): string {
  const key = `payment.methods.${method}`
  return te(key) ? t(key) : method
}
