// Lineage page: the html of the panel and its content security policy; knows nothing of VS Code, so that tests serve it too.

export interface PageSources {
  /** Where the bundles come from, as a content security policy names it. */
  readonly origin: string;
  readonly script: string;
  readonly style: string;
  readonly nonce: string;
  readonly title: string;
}

/** The controls put one empty style element into the page and fill it by script; this is the hash of nothing. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** Scripts only with this nonce, styles only of the bundle, nothing from anywhere else. */
export function lineagePage({ origin, script, style, nonce, title }: PageSources): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${origin} ${emptyStyle}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body><script nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
