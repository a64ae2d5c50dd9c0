/** Things that packs of this studio know well; both languages are offered, as both are understood. */
export const examples = {
  en: ['A panda walks to the left in the snow', 'A rocket moves up over the city at night', '一只老虎在海滩上向右移动'],
  zh: ['一只老虎在海滩上向右移动', '一只熊猫在雪地里向左移动', 'A rocket moves up over the city at night'],
} as const;
