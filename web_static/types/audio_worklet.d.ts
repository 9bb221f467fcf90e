/** What TypeScript's DOM library leaves out: the global scope of an audio worklet. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
