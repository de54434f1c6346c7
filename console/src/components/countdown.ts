import { onBeforeUnmount, ref, type Ref } from 'vue'

const SECONDS = 10
const STEP_MS = 250

/** Ten seconds in which anybody at the screen can still stop what was confirmed; then `act`. `left` is 0 while nothing counts. */
export function useCountdown(act: () => void): { left: Ref<number>; begin: () => void; halt: () => void } {
  const left = ref(0)
  let timer: number | undefined

  function halt(): void {
    window.clearInterval(timer)
    left.value = 0
  }

  function begin(): void {
    const end = Date.now() + SECONDS * 1000
    halt()
    left.value = SECONDS
    timer = window.setInterval(() => {
      left.value = Math.max(0, Math.ceil((end - Date.now()) / 1000))
      if (left.value > 0) return
      halt()
      act()
    }, STEP_MS)
  }

  onBeforeUnmount(halt)
  return { left, begin, halt }
}
