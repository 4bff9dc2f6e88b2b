// Codes that organisations are known by.
import { adcodeSchema } from '../../domain/region/region.ts'
import { type Kind, text } from './kinds.ts'
import { words } from './words.ts'

export const organisationCode = text(40, {
  pattern: /^[0-9A-Z][0-9A-Z-]{1,39}$/,
  takes: words('2 至 40 位字母、数字或连字符', '2 to 40 letters, digits or hyphens'),
})

export const adcode: Kind = {
  ...text(6),
  read: (cell) =>
    adcodeSchema.safeParse(cell).success
      ? { value: cell }
      : {
          problem: words(
            `“${cell}”不是本区行政区划代码，应为 15 开头的 6 位数字`,
            `“${cell}” is no code of this region: 15 and four digits`,
          ),
        },
}
