# Cuttings as a container: no network, no GPU and no root at run time.
#
#   docker build --tag cuttings .
#   docker run --rm --volume cuttings:/archive cuttings qa index add seeds
#   docker run --rm --volume cuttings:/archive cuttings qa keys add me
#   docker run --publish 127.0.0.1:8000:8000 --volume cuttings:/archive cuttings
#
# It takes a key, the one that the second command prints, because nothing in a container can tell
# who reaches it. Where that is clear, qa serve --no-auth at the end of the third does without.
#
# A folder of your own, which then holds the archive too, in .qa, so that both can move together:
#
#   docker run --rm --user "$(id -u)" --volume "$PWD:/archive" cuttings qa index add /archive

FROM python:3.13-slim-bookworm AS build

# An index with PyTorch's CPU builds, if you know one: it spares this stage the CUDA libraries.
ARG PIP_EXTRA_INDEX_URL

WORKDIR /build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

# Dependencies before sources, so that a change of the sources does not fetch them again.
COPY pyproject.toml ./
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; extras = p['optional-dependencies']; print(*p['dependencies'], *(each for name in extras.keys() - {'formats', 'plot'} for each in extras[name]), sep='\n')" \
        > requirements.txt \
    && pip install --no-cache-dir --requirement requirements.txt

COPY README.md LICENSE ./
COPY api api
COPY index index
COPY models models
COPY qa qa
RUN pip install --no-cache-dir --no-deps . \
    && qa prepare --cache /opt/models

# What only the preparation needs, and what nothing but that depends on; then pip itself. Asking,
# adding and serving do without: tests/test_dockerfile.py sees to it.
RUN pip uninstall --yes \
        cloudpickle joblib ml-dtypes mpmath narwhals networkx onnx onnx-ir \
        onnxscript safetensors scikit-learn sentence-transformers setuptools \
        shellingham sympy threadpoolctl torch transformers typer \
    && pip list --format=freeze > installed.txt \
    && sed --quiet --regexp-extended 's/^((nvidia|cuda)-[^=]+|triton)==.*/\1/p' installed.txt > cuda.txt \
    && xargs --no-run-if-empty --arg-file=cuda.txt pip uninstall --yes \
    && pip uninstall --yes pip


FROM python:3.13-slim-bookworm

# A number, not a name: an orchestrator can then see that this is not root.
RUN useradd --uid 10001 --create-home cuttings \
    && install --directory --owner=cuttings --group=cuttings /archive

COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/models /opt/models

WORKDIR /srv
COPY seeds seeds

# 0.0.0.0 is the container's own network; what of it the outside sees is said with --publish.
ENV PATH=/opt/venv/bin:$PATH \
    QA_HOME=/archive/.qa \
    QA_CACHE=/opt/models \
    QA_HOST=0.0.0.0 \
    QA_PORT=8000

USER 10001
VOLUME /archive
EXPOSE 8000

# Alive, not ready: a large archive may take its time to open. The image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"QA_PORT\"]}/healthz', timeout=4)"]

# The exec form makes the service process 1, which is who a container's stop signal goes to.
CMD ["qa", "serve"]
