// One payment from a tap to the channel: begun once however often it is tapped, and found again by whoever comes back.
import { ref, watch, type Ref, type WatchSource } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { get } from '@/api/client'
import { invitationAwait, invitationFollow, orderBegin, orderKey, orderUnderWay, type Way } from './pay'
import { problemText } from './problem'
import type { Begun, Invitation } from './types'

export interface PaymentPlan {
  /** Where the order is made, and with what besides channel, scene and key. */
  path: string
  body: Record<string, unknown>
  /** Where it is read, and the page that shows it. */
  read: (begun: Begun) => string
  page: (begun: Begun) => string
}

interface Payment {
  busy: Ref<boolean>
  problem: Ref<string>
  submit: () => Promise<void>
}

/** changes: what makes it another payment, besides the way. */
export function usePayment(way: Ref<Way | null>, plan: () => PaymentPlan | null, changes: WatchSource[] = []): Payment {
  const { t } = useI18n()
  const router = useRouter()
  const busy = ref(false)
  const problem = ref('')
  let key = orderKey()
  watch([way, ...changes], () => (key = orderKey()))

  async function lead(chosen: Way, wanted: PaymentPlan): Promise<void> {
    const begun = await orderBegin(wanted.path, chosen, wanted.body, key)
    const invitation = await invitationAwait(() => get<Invitation>(wanted.read(begun)))
    if (invitation.invitation_kind === '' || invitation.state === 'closed') {
      problem.value = t('resident.pay.refused')
      key = orderKey()
      return
    }
    const page = wanted.page(begun)
    orderUnderWay.put(page)
    invitationFollow(invitation, chosen.channel.kind, `/resident${page}`)
    if (invitation.invitation_kind === 'script') await router.push(page)
  }

  async function submit(): Promise<void> {
    const wanted = plan()
    if (busy.value || !way.value || !wanted) return
    busy.value = true
    problem.value = ''
    try {
      await lead(way.value, wanted)
    } catch (cause) {
      problem.value = problemText(cause, t)
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, submit }
}
