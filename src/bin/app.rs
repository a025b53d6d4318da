//! The page's entry.

fn main() {
    celery_checkup::app::run();
}
