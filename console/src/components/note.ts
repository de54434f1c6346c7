// A command's note is a code and at most one value ("no_answer 2"); a text we do not know, such
// as the reason a meter gave, is shown as it came.

type Translate = (key: string, values: Record<string, unknown>) => string
type Exists = (key: string) => boolean

// "step price 2 (04060102)" for a data identifier of the meter's protocol; the digits when we have no word for it.
function writtenText(identifier: string, t: Translate, te: Exists): string {
  const key = `command.written.di_${identifier.slice(0, 6)}`
  return te(key) ? t(key, { identifier, number: parseInt(identifier.slice(6), 16) }) : identifier
}

export function noteText(note: string, t: Translate, te: Exists): string {
  const space = note.indexOf(' ')
  const code = space < 0 ? note : note.slice(0, space)
  const key = `command.notes.${code}`
  if (code === '' || !te(key)) return note
  const value = space < 0 ? '' : note.slice(space + 1)
  if (code === 'reads_back_otherwise') return t(key, { value: writtenText(value, t, te) })
  const problem = `collect.problems.${value}`
  return t(key, { value: code === 'line_refused' && te(problem) ? t(problem, {}) : value })
}
