import os

CELERY_BROKER_URL = "amqp://{user}:{password}@{host}:{port}/shop".format(
    user=os.environ["RABBITMQ_USER"],
    password=os.environ["RABBITMQ_PASSWORD"],
    host=os.environ["RABBITMQ_HOST"],
    port=os.getenv("RABBITMQ_PORT", "5672"),
)
CELERY_RESULT_BACKEND = "rpc://"
