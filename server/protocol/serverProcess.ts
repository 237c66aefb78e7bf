// Server process: how the process of the language server is started, by the editor and by whoever measures it.

/**
 * The young heap stays small: what the index takes in stays, and a collection of it stops requests for as long as
 * there is much of that (20 to 30 ms where it may grow as it likes, 5 ms so).
 */
export const serverFlags: readonly string[] = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
