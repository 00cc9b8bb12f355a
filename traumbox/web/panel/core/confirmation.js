/** A question before something that can't be undone; the safe answer has the focus. */
export const Confirmation = {
  template: `
    <dialog class="tb-confirmation" role="alertdialog" aria-labelledby="tb-confirmation-title"
            aria-describedby="tb-confirmation-text" @close="question = null" @click.self="$el.close()">
      <div v-if="question" class="tb-confirmation-body">
        <h2 id="tb-confirmation-title">{{ question.title }}</h2>
        <div id="tb-confirmation-text">
          <p v-for="line in question.lines" :key="line">{{ line }}</p>
        </div>
        <div class="tb-deeds">
          <button type="button" class="tb-primary" :class="{ loss: question.isLoss }"
                  @click="agree">{{ question.yes }}</button>
          <button ref="no" type="button" class="tb-chip" @click="$el.close()">{{ question.no }}</button>
        </div>
      </div>
    </dialog>`,
  data: () => ({ question: null }),
  methods: {
    /** Ask {title, lines, yes, no, isLoss}; `agreed` is called when the answer is yes. */
    async ask(question, agreed) {
      this.question = question;
      this.agreed = agreed;
      await this.$nextTick();
      this.$el.showModal();
      this.$refs.no.focus();
    },
    agree() {
      this.$el.close(); // first: it gives the focus back to where the question came from
      this.agreed();
    },
  },
};
