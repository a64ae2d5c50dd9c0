"""The pack's tokenizer: BERT's rules (CJK characters stand alone) over the words of the caption grammar."""
import json
import random
import re

from grammar import (CAMERAS, COLOURS, COUNTS, LIGHTS, MOODS, MOTIONS, PLACES, SIZES, SUBJECTS, WEATHERS, caption, draw_scene)

PAD, END, UNKNOWN = 0, 1, 2
# The longest of 20,000 captions has 39.
MAX_TOKENS = 40


def vocabulary():
    """Every word that the grammar can say, and the pieces that make a known word out of an unseen form of it."""
    texts = ['another one left right up down 左 右 上 下 在 有 , . ，']
    for _, singular, plural, chinese in SUBJECTS.values():
        texts += [*singular, plural, *chinese]
    for finite, participle, chinese in MOTIONS.values():
        texts += [*finite, *participle, *chinese]
    for table in (PLACES, COUNTS, SIZES, COLOURS, LIGHTS, WEATHERS, CAMERAS):
        texts += [text for english, chinese, *_ in table.values() for text in (*english, *chinese)]
    texts += [*MOODS[0], *MOODS[1]]
    words = sorted({word for text in texts for word in split(text)})
    return {word: i for i, word in enumerate(['<pad>', '</s>', '<unk>', '##s', '##es', '##ing', '##ed', '##ly'] + words)}


def split(text):
    return re.findall(r'[一-鿿]|[^\W_一-鿿]+|[^\w\s]|_', text.lower())


def encode(vocab, text):
    ids = []
    for word in split(text):
        if word in vocab:
            ids.append(vocab[word])
            continue
        ending = next((e for e in ('ing', 'es', 'ed', 'ly', 's') if word.endswith(e) and word[:-len(e)] in vocab), None)
        ids += [vocab[word[:-len(ending)]], vocab['##' + ending]] if ending else [UNKNOWN]
    return ids + [END]


def examples(count=300):
    """Captions as training saw them, and texts that it never saw: what a second implementation is compared on."""
    rng = random.Random(0)
    known = [caption(rng, draw_scene(rng), rng.choice(['en', 'zh'])) for _ in range(count - 8)]
    return known + ['', ' ', 'A Dragon sings, loudly!', 'pandas walking', '一条龙在唱歌', 'panda在海滩上', '\u00c9clair, na\u00efve_tiger', 'tiger\ttiger']


def save(vocab, folder):
    special = [{'id': i, 'content': t, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
               for i, t in enumerate(['<pad>', '</s>', '<unk>'])]
    tokenizer = {
        'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': special,
        'normalizer': {'type': 'BertNormalizer', 'clean_text': True, 'handle_chinese_chars': True, 'strip_accents': None, 'lowercase': True},
        'pre_tokenizer': {'type': 'BertPreTokenizer'},
        'post_processor': {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}, {'SpecialToken': {'id': '</s>', 'type_id': 0}}],
                           'pair': [], 'special_tokens': {'</s>': {'id': '</s>', 'ids': [END], 'tokens': ['</s>']}}},
        'decoder': None,
        'model': {'type': 'WordPiece', 'unk_token': '<unk>', 'continuing_subword_prefix': '##', 'max_input_chars_per_word': 100, 'vocab': vocab},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'tokenizer.json').write_text(json.dumps(tokenizer, ensure_ascii=False), 'utf8')
    pairs = [{'text': text, 'ids': encode(vocab, text)} for text in examples()]
    (folder / 'parity.json').write_text(json.dumps(pairs, ensure_ascii=False), 'utf8')
    (folder / 'tokenizer_config.json').write_text(json.dumps(
        {'tokenizer_class': 'PreTrainedTokenizerFast', 'unk_token': '<unk>', 'pad_token': '<pad>', 'eos_token': '</s>'}), 'utf8')
