/** The version in package.json. The build and the test runner put it in. */
declare const __KEYWRIGHT_VERSION__: string;
