/** The kinds of notice that go out, in the order of a customer's story. */
export const NOTICE_KINDS = ['low_first', 'low_second', 'low_third', 'overdraft', 'final_notice', 'cut', 'restored', 'paid_asleep', 'bill', 'possible_leak']

/** A kind in words; one that this console does not know yet stays as it is named. */
export function noticeKind(kind: string, t: (key: string) => string, te: (key: string) => boolean): string {
  return te(`notice.kinds.${kind}`) ? t(`notice.kinds.${kind}`) : kind
}
