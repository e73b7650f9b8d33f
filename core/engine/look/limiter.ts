/** Lets work begin while what it holds together stays within a budget. */
export class Limiter {
  readonly #budget: number;
  #held = 0;
  readonly #waiting: { readonly amount: number; readonly begin: () => void }[] = [];

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Runs `work` as soon as there is room for `amount`, in the order of asking; what is over the budget by itself runs alone. */
  async run<Value>(amount: number, work: () => Promise<Value>): Promise<Value> {
    const taken = Math.min(amount, this.#budget);
    if (this.#waiting.length > 0 || this.#held + taken > this.#budget)
      await new Promise<void>((begin) => this.#waiting.push({ amount: taken, begin }));
    else this.#held += taken;
    try {
      return await work();
    } finally {
      this.#held -= taken;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#held + next.amount <= this.#budget; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#held += next.amount;
      next.begin();
    }
  }
}
