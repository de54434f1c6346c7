// Draws the cells of one building on a canvas: fill by worst state, a glyph for each state so
// that colour never stands alone, a black corner when a faulty or alarming meter is also cut.
import type { BoardCell } from '@/api/types'
import { STATUS_CUT, statusWorst, type StatusName } from './status'

export const CELL = 18
export const GAP = 4
export const PITCH = CELL + GAP

export interface BoardColours {
  fill: Record<StatusName, string>
  border: string
  text: string
  focus: string
}

export function boardColours(): BoardColours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    fill: { normal: read('state-normal'), cut: read('state-cut'), fault: read('state-fault'), alarm: read('state-alarm'), silent: read('state-silent') },
    border: read('state-border'),
    text: read('text'),
    focus: read('focus'),
  }
}

function polygon(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  pen.beginPath()
  points.forEach(([x, y], index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)))
  pen.closePath()
}

function glyphDraw(pen: CanvasRenderingContext2D, name: StatusName, x: number, y: number, colours: BoardColours): void {
  const middle = CELL / 2
  if (name === 'fault') {
    polygon(pen, [[x + middle, y + 4], [x + CELL - 4, y + CELL - 5], [x + 4, y + CELL - 5]])
    pen.fillStyle = '#ffffff'
    pen.fill()
  } else if (name === 'alarm') {
    polygon(pen, [[x + middle, y + 4], [x + CELL - 4, y + middle], [x + middle, y + CELL - 4], [x + 4, y + middle]])
    pen.fillStyle = '#1f2329'
    pen.fill()
  } else if (name === 'silent') {
    pen.save()
    pen.beginPath()
    pen.rect(x + 1, y + 1, CELL - 2, CELL - 2)
    pen.clip()
    pen.strokeStyle = colours.text
    pen.globalAlpha = 0.6
    pen.lineWidth = 1
    pen.beginPath()
    for (let offset = -CELL; offset < CELL; offset += 5) {
      pen.moveTo(x + offset, y + CELL)
      pen.lineTo(x + offset + CELL, y)
    }
    pen.stroke()
    pen.restore()
  }
}

export function cellDraw(pen: CanvasRenderingContext2D, bits: number, x: number, y: number, colours: BoardColours): void {
  const name = statusWorst(bits)
  pen.fillStyle = colours.fill[name]
  pen.fillRect(x + 0.5, y + 0.5, CELL - 1, CELL - 1)
  pen.strokeStyle = colours.border
  pen.lineWidth = 1
  pen.strokeRect(x + 0.5, y + 0.5, CELL - 1, CELL - 1)
  glyphDraw(pen, name, x, y, colours)
  if ((bits & STATUS_CUT) !== 0 && name !== 'cut') {
    polygon(pen, [[x, y], [x + 9, y], [x, y + 9]])
    pen.fillStyle = '#000000'
    pen.fill()
    pen.strokeStyle = '#ffffff'
    pen.stroke()
  }
}

export function buildingDraw(canvas: HTMLCanvasElement, cells: BoardCell[], columns: number, chosen: number, colours: BoardColours): void {
  const rows = Math.ceil(cells.length / columns)
  const scale = window.devicePixelRatio || 1
  const width = columns * PITCH
  const height = rows * PITCH
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.scale(scale, scale)
  cells.forEach((cell, index) => {
    const x = (index % columns) * PITCH + GAP / 2
    const y = Math.floor(index / columns) * PITCH + GAP / 2
    cellDraw(pen, cell[1], x, y, colours)
    if (index === chosen) {
      pen.strokeStyle = colours.focus
      pen.lineWidth = 2
      pen.strokeRect(x - 1, y - 1, CELL + 2, CELL + 2)
    }
  })
}
