/** Why a meter could not be read, in words; an unknown word of the server stands for itself. */
export function problemText(name: string, t: (key: string) => string, te: (key: string) => boolean): string {
  const key = `collect.problems.${name}`
  return te(key) ? t(key) : name
}
