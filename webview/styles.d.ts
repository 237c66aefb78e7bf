// Styles are bundled by esbuild; for the compiler they are modules without exports.
declare module '*.css';
