// Python JSON: JSON as Python writes it, with NaN and the infinities where JSON has no word for them; they read as null.

const token = /"(?:[^"\\]|\\.)*"|-?Infinity\b|\bNaN\b/g;

/** Throws what JSON.parse throws, unless `lenient`: then undefined. */
export function pythonJson(text: string, lenient = false): unknown {
  try {
    return JSON.parse(
      /Infinity|NaN/.test(text) ? text.replace(token, (each) => (each.startsWith('"') ? each : 'null')) : text,
    );
  } catch (error) {
    if (lenient) return undefined;
    throw error;
  }
}
