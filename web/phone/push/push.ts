// This phone's endpoint for what is pushed: asked for when somebody wants it, said to the server again at each start, because it changes without anybody's doing.
import { call } from '../../kit/api/session.ts'

/** `none`: this browser, this page (no https) or this installation has no push. */
export type PushState = 'none' | 'off' | 'on' | 'denied'

const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
const worker = async (): Promise<ServiceWorkerRegistration | undefined> => navigator.serviceWorker.getRegistration('/phone')
const findSubscription = async (): Promise<PushSubscription | null> => (await (await worker())?.pushManager.getSubscription()) ?? null

const bytesOf = (key: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const textOf = (key: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export async function readPushState(): Promise<PushState> {
  if (!canPush() || !(await worker()) || (await call('getPush')).key === null) return 'none'
  if (Notification.permission === 'denied') return 'denied'
  return (await findSubscription()) ? 'on' : 'off'
}

/** Asks the person first; the browser allows it after a touch alone. */
async function turnOn(): Promise<void> {
  if ((await Notification.requestPermission()) === 'granted') await register()
}

/** The browser’s endpoint is said to the server, and asked for anew where it was made with another key or is gone. */
async function register(): Promise<void> {
  const { key } = await call('getPush')
  const registration = await worker()
  if (!registration || key === null) return
  const wanted = { userVisibleOnly: true, applicationServerKey: bytesOf(key) }
  let subscription = await registration.pushManager.getSubscription()
  if (subscription && textOf(subscription.options.applicationServerKey) !== key) {
    await subscription.unsubscribe()
    subscription = null
  }
  subscription ??= await registration.pushManager.subscribe(wanted)
  await call('registerPush', {
    body: {
      endpoint: subscription.endpoint,
      keys: { p256dh: textOf(subscription.getKey('p256dh')), auth: textOf(subscription.getKey('auth')) },
      locale: document.documentElement.lang === 'en' ? 'en' : 'zh-CN',
    },
  })
}

const WANTED = 'morin.push'

/** At each start, for whoever wanted it on this phone; where there is no network the next start does it. */
export async function registerAgain(): Promise<void> {
  if (!canPush() || Notification.permission !== 'granted' || localStorage.getItem(WANTED) !== 'on') return
  await register().catch((fault: unknown) => console.warn(fault))
}

export async function setPush(on: boolean): Promise<void> {
  localStorage.setItem(WANTED, on ? 'on' : 'off')
  await (on ? turnOn() : turnOff())
}

export async function turnOff(): Promise<void> {
  const subscription = canPush() ? await findSubscription() : null
  if (!subscription) return
  await call('removePush', { body: { endpoint: subscription.endpoint } })
  await subscription.unsubscribe()
}
