// Event places: what is typed as the buckets and prefixes that events are written to.

/** Without `s3://`; empty when nothing was typed. */
export function placesIn(text: string): readonly string[] {
  return text.split(/\s+/).flatMap((place) => place.replace(/^s3:\/\//i, '') || []);
}
