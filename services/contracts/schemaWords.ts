// What a schema says of input that it refuses, for people: 中文 / English, with what the field is called. A schema that says its own sentence in both
// languages keeps it.
import { fieldWordOf } from '../domain/fieldWords.ts'
import { BOTH_LANGUAGES } from './errors.ts'

/** An issue of zod as it leaves the door: its code, where it is, and what its code says more. */
export type SchemaIssue = { code: string; path: readonly string[]; message: string; params: Record<string, unknown> }

const IS_INDEX = /^\d+$/
/** More than these are not listed. */
const MOST_VALUES = 8

type Words = readonly [zh: string, en: string]
const kinds: Record<string, Words> = {
  string: ['文字', 'text'],
  number: ['数字', 'a number'],
  int: ['整数', 'a whole number'],
  boolean: ['“是”或“否”', 'yes or no'],
  array: ['列表', 'a list'],
  object: ['一组内容', 'a group of fields'],
}
const formats: Record<string, Words> = {
  datetime: ['日期和时间', 'a date and time'],
  date: ['日期', 'a date'],
  time: ['时间', 'a time'],
  uuid: ['编号（UUID）', 'a UUID'],
  email: ['电子邮箱', 'an e-mail address'],
  url: ['网址', 'an address of the web'],
}

export function sayIssue(issue: SchemaIssue): string {
  if (BOTH_LANGUAGES.test(issue.message)) return issue.message
  const name = issue.path.findLast((part) => !IS_INDEX.test(part)) ?? ''
  const [zh, en] = sentenceOf(issue, [fieldWordOf(name, 'zh-CN') ?? (name || '内容'), fieldWordOf(name, 'en') ?? (name || 'what was sent')])
  return `${zh} / ${en}`
}

function sentenceOf({ code, message, params }: SchemaIssue, [zh, en]: Words): Words {
  const wrong: Words = [`“${zh}”填写不正确`, `“${en}” is not as it should be`]
  const missing: Words = [`请填写“${zh}”`, `“${en}” is missing`]
  switch (code) {
    case 'invalid_type': {
      if (/received (undefined|null|NaN)$/.test(message)) return missing
      const kind = kinds[String(params.expected)]
      return kind ? [`“${zh}”应为${kind[0]}`, `“${en}” must be ${kind[1]}`] : wrong
    }
    case 'too_small':
    case 'too_big':
      return boundOf(code, params, [zh, en]) ?? missing
    case 'invalid_format': {
      const format = formats[String(params.format)]
      return format
        ? [`“${zh}”应为${format[0]}`, `“${en}” must be ${format[1]}`]
        : [`“${zh}”的格式不正确`, `“${en}” is not written as it should be`]
    }
    case 'invalid_value': {
      const values = params.values as unknown[] | undefined
      return values && values.length <= MOST_VALUES
        ? [`“${zh}”只能是 ${values.join('、')}`, `“${en}” must be ${values.join(', ')}`]
        : [`“${zh}”不在可选范围内`, `“${en}” is none of what can be chosen`]
    }
    case 'not_multiple_of':
      return [`“${zh}”须为 ${params.divisor} 的整数倍`, `“${en}” must be a multiple of ${params.divisor}`]
    case 'unrecognized_keys': {
      const keys = (params.keys as string[] | undefined) ?? []
      return [`不接受：${keys.join('、')}`, `not accepted: ${keys.join(', ')}`]
    }
    default:
      return wrong
  }
}

/** null: nothing was given of what must be there. */
function boundOf(
  code: 'too_small' | 'too_big',
  { origin, minimum, maximum, inclusive }: Record<string, unknown>,
  [zh, en]: Words,
): Words | null {
  const most = code === 'too_big'
  const bound = Number(most ? maximum : minimum)
  if (origin === 'string') {
    if (most) return [`“${zh}”最多 ${bound} 个字`, `“${en}” has at most ${bound} characters`]
    return bound <= 1 ? null : [`“${zh}”至少 ${bound} 个字`, `“${en}” has at least ${bound} characters`]
  }
  if (origin === 'array' || origin === 'set') {
    if (most) return [`“${zh}”最多 ${bound} 项`, `“${en}” has at most ${bound} entries`]
    return bound <= 1 ? null : [`“${zh}”至少 ${bound} 项`, `“${en}” has at least ${bound} entries`]
  }
  if (inclusive === false)
    return most
      ? [`“${zh}”须小于 ${bound}`, `“${en}” must be less than ${bound}`]
      : [`“${zh}”须大于 ${bound}`, `“${en}” must be more than ${bound}`]
  return most
    ? [`“${zh}”不能大于 ${bound}`, `“${en}” must be at most ${bound}`]
    : [`“${zh}”不能小于 ${bound}`, `“${en}” must be at least ${bound}`]
}
