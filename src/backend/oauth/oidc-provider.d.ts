/** The package's typings describe its front door only; see `load-provider.ts` for why we come in beside it. */
declare module 'oidc-provider/lib/provider.js' {
  export { default as Provider } from 'oidc-provider';
}
