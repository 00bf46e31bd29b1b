/** What the types of Node leave out. It is undefined where Node was started without a compiler, such as with --jitless. */
declare const WebAssembly: undefined | WebAssembly.Global;

declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Module {}
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Global {
    /** Sizes are in pages of 64 kB. */
    Memory: new (size: { readonly initial: number; readonly maximum: number }) => Memory;
    /** Throws where the bytes hold something that this processor or this Node does not know. */
    Module: new (bytes: Uint8Array) => Module;
    Instance: new (module: Module, imports: { readonly env: { readonly memory: Memory } }) => Instance;
  }
}
