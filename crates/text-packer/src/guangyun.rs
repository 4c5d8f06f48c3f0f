//! How characters were read, by the Guangyun of the package qieyun.

use std::collections::BTreeMap;
use std::path::Path;

use lampwork_text::prosody::Rhyme;

use crate::Fault;
use crate::sources::{fault, text};

/// Characters of the poems that the Guangyun lacks or writes in another form, each
/// before the rhyme that dictionaries after it give.
const SUPPLEMENT: &str = "\
    窗江 顏刪 魂魂 劍釅 胸鍾 聯仙 瀟蕭 匆東 烹庚 煮語 鞍寒 棋之 鉤侯 湧腫 樣漾 皓晧 槁晧 剎鎋 享養 撐庚 緲小 \
    匝合 儘軫 迤紙 倘蕩 髭支 裊篠 崙魂 拆陌 飆宵 灧豔 灩豔 潑末 琉尤 勾侯 鐫仙 煉霰 托鐸 你止 做箇 罕旱 蝴模 \
    摹模 齏齊 熳翰 奩鹽 嗅宥 漱宥 撒曷 樗魚 覷御 孽薛 冗腫 稿晧 肇小 簑戈 蓑戈 窩戈 蒂霽 腮咍 搗晧 碗緩 壟腫 \
    頹灰 焙隊 吊嘯 耗号 磚仙 姮登 滾混 筇鍾 撾麻 玳代 搘支 嫦陽 柿止 蘗麥 繡宥 祛魚 婷青 暌齊 歘物 瀕眞 赬清 \
    緡眞 箎支 倆養 薝談 嶄豏 拽薛 蠹暮 憩祭 鶺昔 鶒職 爺麻 榕鍾 翱豪 嘴紙 舵哿 淘豪 鱉薛 倏屋 餳清 麯燭 嚙屑 \
    闃錫 揶麻 鷥之 賺陷 耽覃 胭先 嘿德 欹支 葡模 婿霽 褪慁 間山 間襇 閒山 廄宥 冪錫 扼麥 洼麻 噀慁 颶遇 琊麻 \
    茲之 痴之 床陽 群文 裡止 裏止 為支 為寘 眾東 眾送 麵霰 啟薺 秘至 偽寘 峰鍾 才咍 針侵 唇諄 檐鹽 簷鹽 韁陽 \
    稜登 稜蒸 竈号 灶号 臺咍 雞齊 鶯耕 鬧效 卻藥 跡昔 妝陽 鬥候 髮月 隱隱 隱焮 喚換 逍宵 遙宵 妃微 妝陽 莊陽 \
    喫錫 吃錫 睡寘 她麻 他歌 這馬 那箇 那歌 們魂 個箇 底薺 邊先 鬢震 砌霽 砧侵 皋豪 呼模 凌蒸 蓮先 簾鹽 啼齊";

/// Characters with their rhymes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guangyun {
    readings: BTreeMap<char, Vec<Rhyme>>,
}

impl Guangyun {
    /// Reads `index.js` of the package.
    ///
    /// # Errors
    /// The file is missing, or is another one.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        Self::parse(&text(file)?).map_err(|reason| fault(file, &reason))
    }

    /// A line a syllable: three letters that code its sound, its spelling by two
    /// characters (or a single mark for none), then the characters that have it, each
    /// with its rhyme and what it means.
    fn parse(script: &str) -> Result<Self, String> {
        let data = script.split("var 資料 = '").nth(1);
        let data = data.and_then(|rest| rest.split("';").next());
        let data = data.ok_or_else(|| "the table of the Guangyun is not in it".to_owned())?;
        let mut readings: BTreeMap<char, Vec<Rhyme>> = BTreeMap::new();
        for line in data.lines() {
            let line = line.trim_end_matches('\\').trim_end_matches("\\n");
            if line.is_empty() {
                continue;
            }
            let rest: String = line.chars().skip(5).collect();
            for entry in rest.split('|') {
                let mut characters = entry.chars();
                let (Some(one), Some(rhyme)) = (characters.next(), characters.next()) else {
                    return Err(format!("the entry `{entry}` has no rhyme"));
                };
                let rhyme =
                    Rhyme::from_name(rhyme).ok_or_else(|| format!("`{rhyme}` is no rhyme"))?;
                add(&mut readings, one, rhyme);
            }
        }
        for pair in SUPPLEMENT.split_whitespace() {
            let pair: Vec<char> = pair.chars().collect();
            let rhyme = Rhyme::from_name(pair[1]).ok_or_else(|| format!("`{}`", pair[1]))?;
            add(&mut readings, pair[0], rhyme);
        }
        Ok(Self { readings })
    }

    /// The rhymes of a character; none if it is not there.
    pub fn of(&self, one: char) -> &[Rhyme] {
        self.readings.get(&one).map_or(&[], Vec::as_slice)
    }
}

fn add(readings: &mut BTreeMap<char, Vec<Rhyme>>, one: char, rhyme: Rhyme) {
    let known = readings.entry(one).or_default();
    if !known.contains(&rhyme) {
        known.push(rhyme);
        known.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_with_their_rhymes() {
        let script =
            "x\n  var 資料 = '\\\nEAA德紅東東春方也|菄東東風菜\\n\\\nXwB@@拯拯救也\\n\\\n';\n";
        let guangyun = Guangyun::parse(script).unwrap();
        let names = |one| {
            guangyun
                .of(one)
                .iter()
                .map(|rhyme| rhyme.name())
                .collect::<String>()
        };
        assert_eq!(
            [names('東'), names('菄'), names('拯'), names('間')],
            ["東", "東", "拯", "山襇"]
        );
        assert!(guangyun.of('x').is_empty());
        assert!(Guangyun::parse("nothing").is_err());
        assert!(
            Guangyun::parse("var 資料 = '\\\nEAA德紅東水春\\n\\\n';")
                .unwrap_err()
                .contains('水')
        );
    }
}
