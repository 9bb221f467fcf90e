/** Runs on the audio thread: passes samples on in batches, and what it holds when it gets any message. */
const SAMPLES = 4096;

registerProcessor(
  "tap",
  class extends AudioWorkletProcessor {
    #held = new Float32Array(SAMPLES);
    #count = 0;
    #isLast = false;

    constructor() {
      super();
      this.port.onmessage = () => (this.#isLast = true);
    }

    process([[samples]]) {
      for (const sample of samples ?? []) {
        this.#held[this.#count++] = sample;
        if (this.#count === SAMPLES) this.#handOn();
      }
      if (!this.#isLast) return true;
      this.#handOn();
      this.port.postMessage(null);
      return false;
    }

    #handOn() {
      this.port.postMessage(this.#held.slice(0, this.#count));
      this.#count = 0;
    }
  },
);
