//! Our reading beside that of pip.

use std::process::Command;

use super::*;

const VERSIONS: [&str; 34] = [
    "5.3",
    "5.3.0",
    "5.3.6",
    "5.3.6.post1",
    "5.3.6rc1",
    "5.3.6a2",
    "5.3.6.dev3",
    "5.3.6b1.dev2",
    "5.3.6.post1.dev1",
    "5.4",
    "5.10",
    "6",
    "6.0.0",
    "0.9",
    "1!1.0",
    "1!5.3.6",
    "2.0+local.1",
    "2.0",
    "2.0+local",
    "2.0+1",
    "v5.0",
    "3.1.26.post2",
    "5.0.0rc3",
    "5.0.0-1",
    "5.0.0_rc.2",
    "5.0.0.c1",
    "5.0.0preview",
    "5.0.0-alpha-4",
    "4.4.7",
    "4.4.0.rev5",
    "4.4.0r",
    "5.3.6.1",
    "5.2.99",
    "5.0.dev",
];
const SPECIFIERS: [&str; 38] = [
    "==5.3",
    "==5.3.*",
    "!=5.3.*",
    "!=5.3.6",
    "~=5.3",
    "~=5.3.1",
    "~=5.3.6rc1",
    "~=5.3.0.post1",
    ">5.3.6",
    ">=5.3.6",
    "<5.3.6",
    "<=5.3.6",
    "<5.3.6rc1",
    "<=5.3.6rc1",
    ">5.3.6rc1",
    ">5.3.6.post1",
    ">=1!1.0",
    "==1!5.3.*",
    "~=1!5.0",
    "==2.0+local.1",
    "!=2.0+local",
    "==2.0",
    ">2.0",
    "<=2.0",
    ">=5,<6",
    ">=4.4,!=4.4.7,<5.4",
    ">= 5.0 , < 6.0",
    "==5",
    "==5.*",
    "<5",
    ">5",
    ">=5.0.0rc3",
    "==5.0.0.dev0",
    "<6.dev0",
    "==4.4.0.post5",
    ">4.4.0",
    "<5.0.0rc3",
    "",
];

#[test]
fn reads_versions_and_specifiers_as_pip_does() {
    let program = "import sys\ntry:\n from pip._vendor.packaging.specifiers import SpecifierSet\n from pip._vendor.packaging.version import Version\nexcept ImportError:\n sys.exit(3)\n\
        versions=sys.argv[1].split(';')\nfor s in sys.argv[2].split(';'):\n spec=SpecifierSet(s)\n print(''.join('1' if spec.contains(Version(v), prereleases=True) else '0' for v in versions))\n\
        for a in versions:\n print(''.join('<' if Version(a)<Version(b) else '>' if Version(a)>Version(b) else '=' for b in versions))\n";
    let output = Command::new("python3")
        .args(["-c", program, &VERSIONS.join(";"), &SPECIFIERS.join(";")])
        .output()
        .ok()
        .filter(|output| output.status.success());
    let Some(output) = output else {
        println!("note: python3 with pip is missing; PEP 440 was not compared with it");
        return;
    };
    let answers = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut answers = answers.lines();
    let versions: Vec<PackageVersion> =
        VERSIONS.iter().map(|text| PackageVersion::parse(text).unwrap_or_else(|| panic!("{text}"))).collect();
    for text in SPECIFIERS {
        let specifiers = Specifiers::parse(text).unwrap_or_else(|| panic!("{text}"));
        let ours: String = versions.iter().map(|it| if specifiers.allows(it) { '1' } else { '0' }).collect();
        let theirs = answers.next().unwrap_or_default();
        for ((version, our), their) in VERSIONS.iter().zip(ours.chars()).zip(theirs.chars()) {
            assert_eq!(our, their, "{version} in {text}");
        }
    }
    for left in &versions {
        let sign = |order: Ordering| match order {
            Ordering::Less => '<',
            Ordering::Equal => '=',
            Ordering::Greater => '>',
        };
        let ours: String = versions.iter().map(|right| sign(left.order(right))).collect();
        assert_eq!(Some(ours.as_str()), answers.next(), "{left:?}");
    }
}

#[test]
fn what_is_no_version_is_refused() {
    for text in ["", "latest", "5.x", "5..3", "5.3-", "1.0+", "==5"] {
        assert_eq!(PackageVersion::parse(text), None, "{text}");
    }
    for text in ["5.3", "=5.3", "~=5", "==5.3rc1.*", ">=5,<", "^5", ">=1.0+local"] {
        assert_eq!(Specifiers::parse(text), None, "{text}");
    }
}

#[test]
fn poetry_writes_ranges_of_its_own() {
    let allows = |spec: &str, version: &str| {
        Specifiers::parse_poetry(spec).unwrap().allows(&PackageVersion::parse(version).unwrap())
    };
    assert!(allows("^4.4.2", "4.4.7") && !allows("^4.4.2", "5.0") && !allows("^4.4.2", "4.4.1"));
    assert!(allows("^0.2.3", "0.2.9") && !allows("^0.2.3", "0.3.0"));
    assert!(allows("~5.3.1", "5.3.9") && !allows("~5.3.1", "5.4") && allows("~5", "5.9") && !allows("~5", "6"));
    assert!(allows("5.3.6", "5.3.6") && !allows("5.3.6", "5.3.7") && allows("5.3.*", "5.3.7"));
    assert!(allows("*", "1") && allows(">=5,<6", "5.1"));
    assert_eq!(Specifiers::parse_poetry("^5 || ^6"), None);
}
