/** One column of a list. `lead` is the row's name (the card's heading on a phone). */
export interface Column {
  key: string
  label: string
  end?: boolean
  lead?: boolean
  action?: boolean
}
