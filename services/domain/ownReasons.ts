// Reasons that the system gives where it asks nobody for one. A record keeps the Chinese words, like any reason that was typed; whoever reads
// English is told them in English.
const ownReasons = {
  merger: ['机构合并', 'Organisations merged'],
  photo: ['添加照片', 'Photo added'],
  document: ['添加资料', 'Document added'],
} as const satisfies Record<string, readonly [zh: string, en: string]>

/** As it is stored. */
export const ownReason = (reason: keyof typeof ownReasons): string => ownReasons[reason][0]

/** A stored reason as it is said; what somebody typed stays as it is. */
export function sayReason(stored: string, locale: 'zh-CN' | 'en'): string {
  const own = Object.values(ownReasons).find(([zh]) => zh === stored)
  return own && locale === 'en' ? own[1] : stored
}
