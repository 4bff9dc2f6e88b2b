// A value outside React that components may follow: for what changes with the wire, not with a click.
import { useSyncExternalStore } from 'react'

export class Store<T> {
  #value: T
  readonly #followers = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly get = (): T => this.#value

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const follower of this.#followers) follower()
  }

  readonly follow = (follower: () => void): (() => void) => {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.follow, store.get)
