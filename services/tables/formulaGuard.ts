// Spreadsheets run a cell of a CSV file that begins like a formula. Ours get an apostrophe before it, and what reads our files takes it off:
// each is the other's exact inverse, whatever the text.

/** = + - @ in single and double width, small forms and the minus sign, tabs and line ends; also behind spaces, apostrophes and what nobody sees. */
const FORMULA = /^(?:['\s]|\p{Cf}|\p{Default_Ignorable_Code_Point}|\p{Cc})*(?:[=+\-@＝＋－＠﹦﹢﹣﹫\u2212]|(?<=[\t\r\n]))/u

export const guardFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)
export const unguardFormula = (text: string): string => (text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text)
