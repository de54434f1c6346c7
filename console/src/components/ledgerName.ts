// What an account of the ledger is called: its kind, and the item, channel or till it stands for.
type Translate = (key: string) => string

export function ledgerName(kind: string, name: string, t: Translate, te: (key: string) => boolean): string {
  const kindText = te(`books.kinds.${kind}`) ? t(`books.kinds.${kind}`) : kind
  if (!name) return kindText
  return `${kindText} · ${te(`bill.items.${name}`) ? t(`bill.items.${name}`) : name}`
}
