import { getFile, type Query } from '@/api/client'

let frame: HTMLIFrameElement | null = null
let address = ''

/** Sends a PDF that the server makes to the printer and stays on the page. Each call is a print, which the server counts. */
export async function pdfPrint(path: string, query?: Query): Promise<void> {
  const file = await getFile(path, query)
  frame?.remove()
  URL.revokeObjectURL(address)
  address = URL.createObjectURL(file.blob)
  const shown = document.createElement('iframe')
  shown.className = 'visually-hidden'
  shown.tabIndex = -1
  shown.title = file.name
  frame = shown
  await new Promise((resolve) => {
    shown.addEventListener('load', resolve, { once: true })
    shown.src = address
    document.body.append(shown)
  })
  try {
    shown.contentWindow?.print()
  } catch {
    window.open(address, '_blank') // a browser whose viewer of PDF prints by its own button only
  }
}
