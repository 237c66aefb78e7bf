// Shared: callers that want the same answer at the same time wait for one request.
import { abortable } from './gate.ts';

interface Flight<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
}

export class Shared<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** `ask` is called by the first; it is aborted when the last caller has given up. */
  join(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const flight = this.#flights.get(key) ?? this.#start(key, ask);
    flight.passengers += 1;
    return abortable(flight.answer, signal).finally(() => {
      flight.passengers -= 1;
      if (flight.passengers > 0) return;
      this.#forget(key, flight);
      flight.controller.abort();
    });
  }

  #start(key: string, ask: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { controller, answer: ask(controller.signal), passengers: 0 };
    this.#flights.set(key, flight);
    // Who comes after the answer asks anew.
    const landed = () => this.#forget(key, flight);
    flight.answer.then(landed, landed);
    return flight;
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
