// The link on a sheet names an order and a version of its sheet, and a seal over both that nobody can guess: nothing is kept for it, and
// whoever holds one learns nothing of any other.
import { authenticate, authenticates } from '../../../platform/crypto.ts'

export type Named = { orderId: number; version: number }

const textOf = ({ orderId, version }: Named): string => `order-sheet:${orderId}:${version}`

export const sheetToken = (key: Uint8Array, named: Named): string =>
  `${named.orderId.toString(36)}-${named.version.toString(36)}-${authenticate(key, textOf(named))}`

/** Undefined for whatever was not made by `sheetToken` with this key. */
export function readSheetToken(key: Uint8Array, token: string): Named | undefined {
  const [, order, version, seal] = /^([0-9a-z]{1,6})-([0-9a-z]{1,4})-([\w-]{22})$/.exec(token) ?? []
  if (!seal) return undefined
  const named = { orderId: Number.parseInt(order!, 36), version: Number.parseInt(version!, 36) }
  return authenticates(key, textOf(named), seal) ? named : undefined
}
