"""A sentence-transformers model small enough to be made, exported and run by a test."""

import string
from pathlib import Path


def build_tiny_model(folder: Path) -> Path:
    """Write a BERT with random weights and a vocabulary of letters into `folder`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    letters = string.ascii_lowercase + string.digits + string.punctuation
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *[f"##{each}" for each in letters]]
    tokenizer = Tokenizer(
        WordPiece({each: at for at, each in enumerate(tokens)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    torch.manual_seed(20170904)
    bert = BertModel(
        BertConfig(
            vocab_size=len(tokens),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
        )
    )
    inner = folder.with_name(folder.name + "-bert")
    bert.save_pretrained(inner)
    fast.save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=48)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32), Normalize()],
        prompts={"query": "question: ", "document": ""},
        device="cpu",
    )
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


def build_static_model(folder: Path) -> Path:
    """Write a model of another kind into `folder`: no transformer, one vector for each word."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers.models import WordLevel

    words = ["[UNK]", *"the mill burned down council met again fire at was nobody hurt .".split()]
    tokenizer = Tokenizer(WordLevel({each: at for at, each in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu"
    )
    model.save_pretrained(str(folder), create_model_card=False)
    return folder
