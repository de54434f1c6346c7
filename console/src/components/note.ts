// A command's note is a code and at most one value ("no_answer 2"); a text we do not know, such
// as the reason a meter gave, is shown as it came.

type Translate = (key: string, values: Record<string, unknown>) => string
type Exists = (key: string) => boolean

export function noteText(note: string, t: Translate, te: Exists): string {
  const space = note.indexOf(' ')
  const code = space < 0 ? note : note.slice(0, space)
  const key = `command.notes.${code}`
  if (code === '' || !te(key)) return note
  const value = space < 0 ? '' : note.slice(space + 1)
  const problem = `collect.problems.${value}`
  return t(key, { value: code === 'line_refused' && te(problem) ? t(problem, {}) : value })
}
