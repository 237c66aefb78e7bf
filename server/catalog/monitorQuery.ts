// Monitor query: one spelling of a monitor's query, so that what stands in code and what runs are seen to be the same.

const longest = 20_000;

/**
 * Without blanks outside of quotes; `0.80` and `0.8` are one number, and a number at its end with `.0` is a whole one.
 * Undefined for a query that is too long to be compared. Linear in the query.
 */
export function sameQuery(query: string): string | undefined {
  if (query.length > longest) return undefined;
  let [told, quote] = ['', ''];
  for (const sign of query) {
    if (quote !== '') {
      told += sign;
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      told += sign;
    } else if (!/\s/.test(sign)) told += sign;
  }
  return told.replace(/(\d\.\d{0,15}?)0{1,15}$/, '$1').replace(/\.$/, '');
}
