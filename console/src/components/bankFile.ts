// A first look at a bank's statement in the browser: only to show its headings. The server reads it itself.

export const BANK_FILE_LIMIT = 1048576

/** The text of a statement: UTF-8 when it is, else GB18030, in which banks write. */
export function bankText(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"|"$/g, ''))
}

/** A workbook is a ZIP archive: its headings are only the server's to read. */
export function isWorkbook(bytes: ArrayBuffer): boolean {
  const head = new Uint8Array(bytes.slice(0, 4))
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4
}

/** The headings people can choose from: the fullest of the first forty lines. */
export function bankHeadings(text: string): string[] {
  let fullest: string[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/, 40)) {
    const named = cells(line).filter((cell) => cell !== '' && !/^[-+\d.,:/\s]+$/.test(cell))
    if (named.length > fullest.length) fullest = named
  }
  return [...new Set(fullest)]
}
