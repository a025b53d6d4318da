import os

CELERY_BROKER_URL = "amqp://{user}:{password}@{host}:{port}/shop".format(
    user=os.environ["RABBITMQ_USER"],
    password=os.environ["RABBITMQ_PASSWORD"],
    host=os.environ["RABBITMQ_HOST"],
    port=os.environ["RABBITMQ_PORT"],
)
CELERY_RESULT_BACKEND = "rpc://"
