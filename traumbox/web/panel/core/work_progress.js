/** Something that takes long: its bar, its numbers, and what there is to say of it. */
export const WorkProgress = {
  template: `
    <div class="tb-work">
      <p class="tb-work-title">{{ work.title }}</p>
      <div v-if="work.share !== undefined" class="tb-bar tb-bar-large" role="progressbar"
           :class="{ busy: work.share === null }" :aria-label="work.title" aria-valuemin="0"
           aria-valuemax="100" :aria-valuetext="work.numbers || null"
           :aria-valuenow="work.share === null ? null : Math.floor(work.share * 100)">
        <span :style="{ width: work.share * 100 + '%' }"></span></div>
      <p v-if="work.numbers" class="tb-num">{{ work.numbers }}</p>
      <p v-for="line in work.lines" :key="line" class="tb-note">{{ line }}</p>
    </div>`,
  props: { work: Object },
};
